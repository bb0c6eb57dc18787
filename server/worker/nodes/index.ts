export { storeInventory } from "./store-inventory";
export { takeInventory } from "./take-inventory";
