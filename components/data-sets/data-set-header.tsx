"use client";

import { Download } from "lucide-react";
import Link from "next/link";
import { formatCount } from "@/components/format/format-number";
import { apiUrl, queryString } from "@/components/hooks/api";
import { useCanOperate } from "@/components/hooks/role-provider";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { DATA_PARTS } from "@/server/contracts/data-facts";
import type { DataSetVersionView, DataSetView } from "@/server/contracts/data-sets";

export interface DataSetHeaderProps {
  dataSet: DataSetView;
  version: DataSetVersionView;
  onVersion: (number: number) => void;
  onDelete: () => void;
}

export function DataSetHeader({ dataSet, version, onVersion, onDelete }: DataSetHeaderProps) {
  const { id, name, versions } = dataSet;
  const canOperate = useCanOperate();
  const options = versions.map(({ number, fileName }) => ({
    value: String(number),
    label: `Version ${number} · ${fileName}`,
  }));
  return (
    <PageHeader
      title={name}
      facts={
        <>
          <span>
            <span className="num">{formatCount(version.trainCount)}</span> training rows
          </span>
          <span>
            <span className="num">{formatCount(version.evalCount)}</span> evaluation rows
          </span>
          <span>
            {version.hasPairs ? "for all three stages" : "single answers: supervised fine-tuning only"}
          </span>
        </>
      }
      actions={
        <>
          <Select
            aria-label="Version"
            options={options}
            value={String(version.number)}
            onValueChange={(value) => onVersion(Number(value))}
            className="w-56"
          />
          {DATA_PARTS.map((part) => (
            <Button key={part} asChild>
              <a
                href={apiUrl(`/datasets/${id}/export${queryString({ version: version.number, part })}`)}
                download
              >
                <Download aria-hidden /> {part}.json
              </a>
            </Button>
          ))}
          {canOperate && (
            <Button variant="danger" onClick={onDelete}>
              Delete
            </Button>
          )}
          {canOperate && (
            <Button asChild variant="primary">
              <Link
                href={`/runs/new${queryString({ data: version.reference, answers: version.hasPairs ? "pairs" : "single" })}`}
              >
                Start a run with it
              </Link>
            </Button>
          )}
        </>
      }
    />
  );
}
