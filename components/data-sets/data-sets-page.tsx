"use client";

import { ResourceView } from "@/components/errors/resource-view";
import { useCanOperate } from "@/components/hooks/role-provider";
import { usePages } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { DataSetSummary } from "@/server/contracts/data-sets";
import { DataSetsTable } from "./data-sets-table";
import { LookCard } from "./look-card";
import { UploadCard } from "./upload-card";

export function DataSetsPage() {
  const sets = usePages<DataSetSummary>("/datasets");
  const canOperate = useCanOperate();
  return (
    <>
      <PageHeader
        title="Data sets"
        facts={<span>prompts with answers, checked and versioned by content, for your runs</span>}
      />
      {canOperate && (
        <div className="mb-6">
          <UploadCard />
        </div>
      )}
      <ResourceView
        resource={{ ...sets, data: sets.items }}
        skeleton={<SkeletonRows count={4} />}
        title="Could not load the data sets."
      >
        {(items) => (items.length === 0 ? <NoDataSets /> : <DataSetsTable sets={items} />)}
      </ResourceView>
      {sets.hasNextPage && (
        <Button className="mt-4" isBusy={sets.isFetchingNextPage} onClick={() => void sets.fetchNextPage()}>
          Show more data sets
        </Button>
      )}
      {canOperate && (
        <div className="mt-6">
          <LookCard />
        </div>
      )}
    </>
  );
}

function NoDataSets() {
  return (
    <EmptyState title="No data set yet">
      Upload a file of prompts with a chosen and a rejected answer: all three stages train on it. With one
      answer a prompt it serves supervised fine-tuning. Each run gets its own copy on its node, so runs with
      different files never mix. Data sets of the Hugging Face hub and folders on a node need no upload: name
      them in the run, and look at them below.
    </EmptyState>
  );
}
