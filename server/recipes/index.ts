export type { NodeFacts } from "./deepspeed-chat/find-gpu-problems";
export { effectiveValue, findProblems } from "./deepspeed-chat/find-problems";
export {
  outputDirectoryOf,
  type RenderStageInput,
  renderStage,
  type StageFacts,
} from "./deepspeed-chat/render-stage";
export { getRecipe, listPresets, listRecipes } from "./get-recipe";
export { quoteArgument, quoteArgv, quotePath } from "./quote-argv";
export { renderPreview } from "./render-preview";
export { renderScript } from "./render-script";
export { withoutSecrets } from "./secret-names";
