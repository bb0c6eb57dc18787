export { keepPreparing } from "./keep-preparing";
