export { type KeyRing, loadKeyRing } from "./key-ring";
export { Vault } from "./vault";
