import { ASKED_PATH_HEADER } from "@/server/contracts/session";

const ANY_ORIGIN = "http://trainyard.invalid";

/** Where to send somebody who is not signed in, so that the page that was asked for comes afterwards. */
export function signInPath(headers: Headers): string {
  const asked = headers.get(ASKED_PATH_HEADER) ?? "/";
  const url = new URL(URL.canParse(asked, ANY_ORIGIN) ? asked : "/", ANY_ORIGIN);
  // How the router asks for a part of a page, not a part of its address.
  url.searchParams.delete("_rsc");
  const next = `${url.pathname}${url.search}`;
  return next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}
