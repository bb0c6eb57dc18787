import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** The first thing to do on a fresh install. */
export function YardEmpty() {
  return (
    <EmptyState
      title="First, add a node"
      actions={
        <>
          <Button asChild>
            <Link href="/nodes/new?practice=1">Add the practice node</Link>
          </Button>
          <Button asChild variant="primary">
            <Link href="/nodes/new">Add node</Link>
          </Button>
        </>
      }
    >
      A node is a machine with GPUs that you reach by SSH: its IP address, a user name and a password or a key
      are enough, and nothing is installed there. No machine at hand? The practice node lives inside
      Trainyard, needs no GPU and really trains a tiny model.
    </EmptyState>
  );
}
