"use client";

import { Download, File, Folder, FolderUp } from "lucide-react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatBytes } from "@/components/format/format-size";
import { formatAge } from "@/components/format/format-time";
import { apiUrl, queryString } from "@/components/hooks/api";
import { useNow } from "@/components/hooks/use-now";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { RemoteFile } from "@/server/contracts/attempts";

const ROOTS = [
  { value: "output", label: "outputs" },
  { value: "attempt", label: "attempt directory" },
] as const;
/** The API hands out at most this much of a file. */
const CONTENT_LIMIT = 1_048_576;

/** What the attempt left on the node, as the node lists it now. */
export function RunFiles({ attemptId }: { attemptId: string }) {
  const [root, setRoot] = useUrlState("root", "output");
  const [path, setPath] = useUrlState("path", "");
  const listing = useResource<{ directory: string; files: RemoteFile[] }>(
    `/attempts/${attemptId}/files${queryString({ root, path })}`,
  );
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Segmented
          label="Directory"
          options={ROOTS}
          value={root === "attempt" ? "attempt" : "output"}
          onValueChange={(next) => {
            setPath("");
            setRoot(next);
          }}
        />
        <span className="num min-w-0 truncate text-muted">{listing.data?.directory}</span>
        {path !== "" && (
          <Button size="sm" onClick={() => setPath(path.split("/").slice(0, -1).join("/"))}>
            <FolderUp /> Up
          </Button>
        )}
      </div>
      <ResourceView
        resource={listing}
        skeleton={<SkeletonRows count={5} />}
        title="Could not list the files."
      >
        {({ files }) =>
          files.length === 0 ? (
            <p className="rounded-lg border border-dashed px-4 py-6 text-muted">
              Nothing here yet. A stage saves its model when it ends, none of them while it trains.
            </p>
          ) : (
            <FileTable files={files} attemptId={attemptId} root={root} onOpen={setPath} />
          )
        }
      </ResourceView>
    </>
  );
}

interface FileTableProps {
  files: readonly RemoteFile[];
  attemptId: string;
  root: string;
  onOpen: (path: string) => void;
}

function FileTable({ files, attemptId, root, onOpen }: FileTableProps) {
  const now = useNow(10_000);
  const sorted = files.toSorted(
    (a, b) => Number(b.type === "directory") - Number(a.type === "directory") || a.name.localeCompare(b.name),
  );
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Name</TableHeader>
          <TableHeader isNumeric>Size</TableHeader>
          <TableHeader isNumeric>Changed</TableHeader>
          <TableHeader isNumeric>
            <span className="sr-only">Download</span>
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {sorted.map((file) => (
          <TableRow key={file.path}>
            <TableCell className="num">
              <FileName file={file} onOpen={onOpen} />
            </TableCell>
            <TableCell isNumeric>{file.type === "directory" ? "" : formatBytes(file.sizeBytes)}</TableCell>
            <TableCell isNumeric>{now > 0 && formatAge(file.modifiedAt, now)}</TableCell>
            <TableCell isNumeric>
              {file.type === "file" && file.sizeBytes <= CONTENT_LIMIT && (
                <Button asChild variant="ghost" size="icon-sm">
                  <a
                    href={apiUrl(
                      `/attempts/${attemptId}/files/content${queryString({ root, path: file.path })}`,
                    )}
                    download={file.name}
                    aria-label={`Download ${file.name}`}
                  >
                    <Download />
                  </a>
                </Button>
              )}
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function FileName({ file, onOpen }: { file: RemoteFile; onOpen: (path: string) => void }) {
  const Icon = file.type === "directory" ? Folder : File;
  const name = (
    <>
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
      {file.name}
    </>
  );
  if (file.type !== "directory") return <span className="inline-flex items-center gap-2">{name}</span>;
  return (
    <button
      type="button"
      className="inline-flex items-center gap-2 rounded underline-offset-2 hover:underline"
      onClick={() => onOpen(file.path)}
    >
      {name}
    </button>
  );
}
