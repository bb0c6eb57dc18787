"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { useCanOperate } from "@/components/hooks/role-provider";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { DataSetView } from "@/server/contracts/data-sets";
import { DataSetHeader } from "./data-set-header";
import { FindingsCard } from "./findings-card";
import { LengthsCard } from "./lengths-card";
import { RowsCard } from "./rows-card";
import { VersionCard } from "./version-card";

const DeleteDataSetDialog = dynamic(() =>
  import("./delete-data-set-dialog").then((module) => module.DeleteDataSetDialog),
);
const UploadCard = dynamic(() => import("./upload-card").then((module) => module.UploadCard), {
  loading: () => <Skeleton className="h-32 rounded-lg" />,
});

export function DataSetPage({ id }: { id: string }) {
  const dataSet = useResource<DataSetView>(`/datasets/${id}`);
  return (
    <ResourceView
      resource={dataSet}
      skeleton={<Skeleton className="h-[480px] rounded-lg" />}
      title="Could not load the data set."
    >
      {(data) => <DataSetContent dataSet={data} />}
    </ResourceView>
  );
}

function DataSetContent({ dataSet }: { dataSet: DataSetView }) {
  const [number, setNumber] = useUrlState("version", "");
  const [isDeleting, setDeleting] = useState(false);
  const canOperate = useCanOperate();
  const version = dataSet.versions.find((one) => String(one.number) === number) ?? dataSet.versions[0];
  if (version === undefined) return null;
  const others = dataSet.versions.map((one) => one.number);
  return (
    <>
      <DataSetHeader
        dataSet={dataSet}
        version={version}
        onVersion={(chosen) => setNumber(chosen === others[0] ? "" : String(chosen))}
        onDelete={() => setDeleting(true)}
      />
      <div className="mb-4 grid items-start gap-4 lg:grid-cols-2">
        <FindingsCard findings={version.report.findings} />
        <VersionCard version={version} />
      </div>
      <LengthsCard tokens={version.report.tokens} />
      <RowsCard key={version.id} dataSetId={dataSet.id} version={version} />
      {canOperate && (
        <section className="mt-6" aria-label="New version">
          <h2 className="mb-2 font-semibold text-sm">New version of {dataSet.name}</h2>
          <UploadCard name={dataSet.name} />
        </section>
      )}
      {isDeleting && <DeleteDataSetDialog dataSet={dataSet} onClose={() => setDeleting(false)} />}
    </>
  );
}
