import { Calculator, Database, Gauge, LayoutGrid, ListChecks, type LucideIcon, Server } from "lucide-react";

export interface NavItem {
  href: string;
  label: string;
  icon: LucideIcon;
}

export const NAV_ITEMS = [
  { href: "/", label: "Yard", icon: LayoutGrid },
  { href: "/runs", label: "Runs", icon: Gauge },
  { href: "/evaluations", label: "Evaluations", icon: ListChecks },
  { href: "/datasets", label: "Data sets", icon: Database },
  { href: "/planner", label: "Planner", icon: Calculator },
  { href: "/nodes", label: "Nodes", icon: Server },
] as const satisfies readonly NavItem[];

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
