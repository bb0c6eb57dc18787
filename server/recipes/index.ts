export { CheckoutFlags, parseCheckoutFlags } from "./deepspeed-chat/checkout-flags";
export {
  type CheckpointPart,
  checkpointBytes,
  type StageCheckpoint,
} from "./deepspeed-chat/checkpoint-bytes";
export { effectiveValue } from "./deepspeed-chat/effective-value";
export { withCheckout } from "./deepspeed-chat/recipe";
export { renderEvaluation } from "./deepspeed-chat/render-evaluation";
export { outputDirectoryOf, renderStage, type StageFacts } from "./deepspeed-chat/render-stage";
export { hubDataOf, LOCAL, localSourceOf, type UploadedData } from "./deepspeed-chat/resolve-data";
export { describeModels, type RunCheckpoints, resolveModels } from "./deepspeed-chat/resolve-models";
export { findPreviewProblems } from "./deepspeed-chat/rules/find-preview-problems";
export { findProblems } from "./deepspeed-chat/rules/find-problems";
export type { NodeFacts } from "./deepspeed-chat/rules/rule";
export { type SamplesPerStep, samplesPerStep } from "./deepspeed-chat/samples-per-step";
export { applicationDirectory } from "./deepspeed-chat/stage-layout";
export { getRecipe, listPresets, listRecipes } from "./get-recipe";
export { renderPreview } from "./render-preview";
export { renderScript } from "./render-script";
export { withoutSecrets } from "./without-secrets";
