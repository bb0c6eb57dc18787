import type { RenderedCommand } from "../../contracts/recipes";

export interface EvaluationFacts {
  /** The attempt's directory: request.json lies there, answers.jsonl appears there. */
  directory: string;
  applicationDirectory: string;
  gpuIndices: readonly number[];
  virtualEnvironment: string | null;
  nodeEnv: Readonly<Record<string, string>>;
  /** A program of the node that speaks the protocol, instead of the evaluate.py that we send. */
  program: string | null;
}

/** The command of one evaluation attempt. Pure. */
export function renderEvaluation(facts: EvaluationFacts): RenderedCommand {
  const { directory, virtualEnvironment, program } = facts;
  const pythonPath = facts.nodeEnv.PYTHONPATH;
  return {
    workingDirectory: directory,
    argv: [...(program === null ? ["python3", "evaluate.py"] : [program]), "request.json", "answers.jsonl"],
    env: {
      ...facts.nodeEnv,
      ...(virtualEnvironment === null ? {} : { VIRTUAL_ENV: virtualEnvironment }),
      PYTHONPATH: pythonPath ? `${facts.applicationDirectory}:${pythonPath}` : facts.applicationDirectory,
      CUDA_DEVICE_ORDER: "PCI_BUS_ID",
      CUDA_VISIBLE_DEVICES: facts.gpuIndices.join(","),
    },
    pathPrepend: virtualEnvironment === null ? [] : [`${virtualEnvironment}/bin`],
    outputDirectory: directory,
    eventDirectories: [],
    expectedFiles: [["answers.jsonl"]],
  };
}
