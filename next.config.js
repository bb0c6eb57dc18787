/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  devIndicators: false,
  // `npm run check` type-checks the whole tree once; doing it again per build would double the wait.
  typescript: { ignoreBuildErrors: true },
  // Only what says "use memo": memory for every element makes a page heavier, and a form with a hundred fields is worth it.
  reactCompiler: { compilationMode: "annotation" },
  experimental: { turbopackRustReactCompiler: true },
  // What a browser asks for when it opens something that names no icon: a reply of the API, a download.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
};
