import Link from "next/link";
import { Button } from "@/components/ui/button";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center px-4">
      <div className="panel w-full max-w-sm p-6">
        <h1 className="font-semibold text-xl tracking-tight">Nothing here</h1>
        <p className="mt-1 mb-5 text-muted">
          This address belongs to no page. What it named may have been deleted.
        </p>
        <Button asChild variant="primary">
          <Link href="/">Go to the yard</Link>
        </Button>
      </div>
    </main>
  );
}
