import Link from "next/link";
import { formatAge } from "@/components/format/format-time";
import { useNodeLive } from "@/components/hooks/use-live";
import { useNow } from "@/components/hooks/use-now";
import { NodeStatusBadge } from "@/components/status/status-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import type { NodeView } from "@/server/contracts/nodes";
import { describeGpus } from "../yard/prepare-node";

export interface NodeHeaderProps {
  node: NodeView;
  isTesting: boolean;
  onTest: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

export function NodeHeader({ node, isTesting, onTest, onEdit, onDelete }: NodeHeaderProps) {
  return (
    <PageHeader
      title={node.name}
      facts={
        <>
          <NodeStatusBadge status={node.status} />
          <Contact node={node} />
          {node.isPractice && <Badge isOutlined>practice, simulated GPUs</Badge>}
          <span className="num leading-5">{`${node.username}@${node.host}:${node.port}`}</span>
          <span>{describeGpus(node.gpus)}</span>
        </>
      }
      actions={
        <>
          <Button variant="danger" onClick={onDelete}>
            Delete
          </Button>
          <Button onClick={onEdit}>Edit</Button>
          <Button isBusy={isTesting} onClick={onTest}>
            Test connection
          </Button>
          <Button asChild variant="primary">
            <Link href={`/runs/new?node=${node.id}`}>Start RLHF run</Link>
          </Button>
        </>
      }
    />
  );
}

function Contact({ node }: { node: NodeView }) {
  const now = useNow(1000);
  const live = useNodeLive(node.id);
  if (now === 0) return null;
  return <span className="num leading-5">{formatAge(live?.at ?? node.lastContactAt, now)}</span>;
}
