import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EvaluationRequest } from "../../contracts/evaluations";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { sshdUnavailable } from "../../testing/sshd";

/** Speaks the protocol: half an answer, then, once the test allows it, the whole one with its score. */
const PROGRAM = `#!/bin/sh
answer='{"type":"answer","promptIndex":0,"model":"baseline","text":"A frog'
printf '%s","isComplete":false}\\n' "$answer" >"$2"
while [ ! -e enough ]; do sleep 0.1; done
printf '%s sat.","isComplete":true,"tokenCount":4,"finishReason":"stop","durationMs":12.5}\\n' "$answer" >>"$2"
echo '{"type":"score","promptIndex":0,"model":"baseline","rewardScore":1.25}' >>"$2"
echo '{"type":"done"}' >>"$2"
`;

describe.skipIf(sshdUnavailable !== null)("an evaluation on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  beforeAll(async () => {
    node = await startAttemptNode();
    worker = await node.worker();
    const program = join(node.sshd.homeDirectory, "evaluate");
    writeFileSync(program, PROGRAM);
    chmodSync(program, 0o755);
    await node.db.prisma.node.update({
      where: { id: node.nodeId },
      data: { settings: { evaluationProgram: program } },
    });
  });
  afterAll(() => node.stop());

  it("shows answers while they are generated, and ends with their scores", async () => {
    const { runId } = await node.startRun("true");
    await node.db.prisma.stage.updateMany({ where: { runId }, data: { status: "succeeded" } });
    const evaluation = await node.db.prisma.evaluation.create({
      data: {
        runId,
        name: "frogs",
        prompts: ["Human: Tell me about a frog. Assistant:"],
        models: [{ key: "baseline", label: "Baseline", path: "/models/base" }],
        settings: {},
        createdBy: "ann@example.org",
      },
    });
    const answer = () => node.db.prisma.answer.findFirst({ where: { evaluationId: evaluation.id } });
    await worker.until(async () => (await answer()) !== null, "half an answer");
    expect(await answer()).toMatchObject({ text: "A frog", isComplete: false, rewardScore: null });
    expect(node.ctx.published).toContainEqual({
      kind: "evaluation",
      evaluationId: evaluation.id,
      runId,
      nodeId: node.nodeId,
    });

    const attempt = await node.db.prisma.attempt.findFirstOrThrow({ where: { evaluationId: evaluation.id } });
    const directory = attempt.directory ?? "";
    const request = EvaluationRequest.parse(
      JSON.parse(readFileSync(join(directory, "request.json"), "utf8")),
    );
    expect(request).toMatchObject({ version: 1, models: [{ path: "/models/base" }], rewardModel: null });
    expect(statSync(join(directory, "request.json")).mode & 0o777).toBe(0o600);
    expect(existsSync(join(directory, "evaluate.py"))).toBe(true);

    writeFileSync(join(directory, "enough"), "");
    const ended = async () =>
      (await node.db.prisma.evaluation.findUniqueOrThrow({ where: { id: evaluation.id } })).status ===
      "succeeded";
    await worker.until(ended, "the evaluation to succeed");
    expect(await answer()).toMatchObject({
      text: "A frog sat.",
      isComplete: true,
      tokenCount: 4,
      finishReason: "stop",
      rewardScore: 1.25,
    });
  });
});
