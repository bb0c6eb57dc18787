export { actorOfRequest } from "./actor-of-request";
export { type Auth, CLIENT_ADDRESS_HEADER, createAuth } from "./create-auth";
export { createToken } from "./create-token";
export { createFirstAdmin, type FirstAdmin, offerFirstAdmin } from "./first-admin";
export { forwardAuth } from "./forward-auth";
export { listTokens } from "./list-tokens";
export { revokeToken } from "./revoke-token";
export { type SignedIn, sessionOf } from "./session-of";
