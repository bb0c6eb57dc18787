import { gunzipSync } from "node:zlib";

/** Parquet files that pyarrow wrote, packed: what they hold is far larger than they are. */
const unpacked = (base64: string): Buffer => gunzipSync(Buffer.from(base64, "base64"));

/** One row, a chosen answer of 270 MiB, Brotli. */
export const HUGE_ANSWER = unpacked(
  [
    "H4sIAJmZBWsC/wtwDDIUZRCVEVXREWUCMthE2WQYGBi62RqYgBQTIwuQDM+otGcGyk1paOhjEv3EhqLy9P//9gwsZg+sFjCWJOxO+KEj",
    "wHLm+u/95X/+/2d2YFLg43b4/q////96Bg+GI4mML+79//j/Pz8DZ4OFDsPd3/b//v9nVGAUaGddUP3/OMgkFYZHGxhK3v//8f8/ewOL",
    "g4xYw7u/8v///2eYwNBxmOnC3v+P//+XZxBiKIxg2PW9ftQSkiyZycDABrak4cc/blEWSRtTBgm24uSM1NxEURYGUR5VJgm2gqL83IIS",
    "VQYfUORChJIz8otT86BCYkySMpI6agwyojySqmwMkjAdohxiTGJOYl5qHJ4ywNTBIMrEYCPGIckmqcYASknIGiDmgTUcASUpsUXsakFI",
    "uhpAgnCdYm2NIDVMahxib9gZNBQKEosKS1NLdJMLCnQTi4ryyxXKUouKM/PzFIzM9Az0DCV1gM4EufQhEAcAkzcAPhUIMuMCAAA=",
  ].join(""),
);

/** The same size in a column `notes` that nobody asks for. */
export const HUGE_NOTES = unpacked(
  [
    "H4sIAJmZBWsC/wtwDDIUZRCVEVXREWUCMthE2WQYGBi62RqYgBQTIwuQDM+otGcGykmJKqEo4oYpYgaSwfl6IDVTGhr6mEQ/saEoPP3/",
    "vz0Di9kDqwWMJQm7E37oCLCcuf57f/mf//+ZHZgU+Lgdvv/r//+/nsGD4Ugi44t7/z/+/8/PwNlgocNw97f9v///GRUYBdpZF1T/Pw4y",
    "SYXh0QaGkvf/f/z/z97A4iAj1vDur/z///8ZJjB0HGa6sPf/4///5RmEGAojGHZ9rx+1hCRLZjIwsIEtafjxj1uURdLHlEGCrTg5IzU3",
    "UZSNQZRHlUmCraAoP7egRJXBBxS5EKHkjPzi1DxkIda8/JLUYqiIGJOkjKSNGoOMKI+kKhuDJMwMUQ4xJjEnMS81Dk8ZYHphEGVisBHj",
    "kGSTVGMAJS1kDRAbwBocxDzUgpA0sGHTALEfrP4IKFGKLWJXm8WIpKsBJArXKXasEaSISY1DbAsHg4ZCQWJRYWlqiW5yQYFuYlFRfrlC",
    "WWpRcWZ+noKRmZ6BnqGkDdBfEMSgzsjAEADMSABHjX86TQMAAA==",
  ].join(""),
);

/** 1,000,001 rows by its footer; the pages of their values are zeros. */
export const TOO_MANY_ROWS = unpacked(
  [
    "H4sIAJmZBWsC/wtwDDJkGAWjYBSMglEwCkbBKBgFo2AUjIJRMApGASlAlEXSxpRBgq04OSM1N1GUhUGUR5VJgq2gKD+3oESVwUcGpAYs",
    "lJyRX5yaBxUSa+qskpSR1FFjkBHlkTRlYBOQhGkS5QBJiq2RFjsjp2ajxqGpI8oiyiDKxAAkBETTGGzEOpa8YJZkk1RjAKoDmoViBsQW",
    "qBmrpMVOyam1yatdkcM0pW32OyYkU8SumYH0qHGITbNl0FAoSCwqLE0t0U0uKNBNLCrKL1coSy0qzszPUzAy0zPQM5TUAXoD5BNGRgaG",
    "AMcgQwB3EPX/WBAAAA==",
  ].join(""),
);
