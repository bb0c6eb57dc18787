/** Where on the node page the preparation card is: a readiness line links to it. */
export const PREPARATION_ANCHOR = "preparation";
