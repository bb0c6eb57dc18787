"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { ResourceView } from "@/components/errors/resource-view";
import { formatAge, formatMoment } from "@/components/format/format-time";
import { apiUrl } from "@/components/hooks/api";
import { useNow } from "@/components/hooks/use-now";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { TokenView } from "@/server/contracts/tokens";

const CreateTokenDialog = dynamic(() =>
  import("./create-token-dialog").then((module) => module.CreateTokenDialog),
);
const RevokeTokenDialog = dynamic(() =>
  import("./revoke-token-dialog").then((module) => module.RevokeTokenDialog),
);

/** Tokens for programs: what they are called, when they were used, and their end. */
export function TokensSection() {
  const tokens = useResource<{ items: TokenView[] }>("/tokens");
  const [isCreating, setCreating] = useState(false);
  const [toRevoke, setToRevoke] = useState<TokenView | null>(null);
  return (
    <section aria-labelledby="settings-tokens">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-prose">
          <h2 id="settings-tokens" className="mb-1 font-semibold text-base">
            API tokens
          </h2>
          <p className="text-muted">
            For programs: everything that these pages do, the HTTP API does. Send a token as{" "}
            <code className="num">Authorization: Bearer …</code>;{" "}
            <a href={apiUrl("/openapi.json")} className="rounded text-fg underline underline-offset-2">
              the OpenAPI document
            </a>{" "}
            describes every call.
          </p>
        </div>
        <Button variant="primary" onClick={() => setCreating(true)}>
          Create token
        </Button>
      </div>
      <ResourceView
        resource={tokens}
        skeleton={<SkeletonRows count={2} />}
        title="Could not load the tokens."
      >
        {({ items }) =>
          items.length === 0 ? (
            <p className="rounded-lg border border-dashed px-4 py-6 text-muted">No token yet.</p>
          ) : (
            <TokensTable tokens={items} onRevoke={setToRevoke} />
          )
        }
      </ResourceView>
      {isCreating && <CreateTokenDialog onClose={() => setCreating(false)} />}
      {toRevoke && <RevokeTokenDialog token={toRevoke} onClose={() => setToRevoke(null)} />}
    </section>
  );
}

function TokensTable({ tokens, onRevoke }: { tokens: TokenView[]; onRevoke: (token: TokenView) => void }) {
  const now = useNow(1000);
  return (
    <Table>
      <thead>
        <tr>
          <TableHeader>Name</TableHeader>
          <TableHeader>Token</TableHeader>
          <TableHeader className="hidden sm:table-cell">Created</TableHeader>
          <TableHeader className="hidden sm:table-cell">Last used</TableHeader>
          <TableHeader>Expires</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <TableRow key={token.id}>
            <TableCell className="h-10 max-w-60 truncate font-medium">{token.name}</TableCell>
            <TableCell className="num h-10">{token.prefix}…</TableCell>
            <TableCell className="hidden h-10 sm:table-cell">
              {now > 0 && formatMoment(token.createdAt, now)}
            </TableCell>
            <TableCell className="hidden h-10 sm:table-cell">
              {now > 0 && formatAge(token.lastUsedAt, now)}
            </TableCell>
            <TableCell className="h-10">
              {token.expiresAt === null ? "never" : now > 0 && formatMoment(token.expiresAt, now)}
            </TableCell>
            <TableCell className="h-10 text-right">
              <Button
                size="sm"
                variant="danger"
                aria-label={`Revoke ${token.name}`}
                onClick={() => onRevoke(token)}
              >
                Revoke
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
