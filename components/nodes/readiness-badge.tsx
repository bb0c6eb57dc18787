import { Wrench } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { NodeView } from "@/server/contracts/nodes";
import { describeProblems } from "./prepare-readiness";

/** In lists: only a node that lacks something says so. */
export function ReadinessBadge({ node }: { node: NodeView }) {
  const { readiness } = node;
  if (readiness === null || readiness.errors === 0) return null;
  const problems = describeProblems({ errors: readiness.errors, warnings: 0 });
  return (
    <span title={`Readiness: ${describeProblems(readiness)}`}>
      <Badge tone="bad" isOutlined icon={<Wrench aria-hidden />}>
        {problems}
      </Badge>
    </span>
  );
}
