"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Role } from "@/server/contracts/session";

const RoleContext = createContext<Role>("viewer");

export function RoleProvider({ role, children }: { role: Role; children: ReactNode }) {
  return <RoleContext value={role}>{children}</RoleContext>;
}

/** Whether who is signed in may change anything. The API decides; the pages only leave out what it would refuse. */
export function useCanOperate(): boolean {
  return useContext(RoleContext) !== "viewer";
}

/** Whether who is signed in may change what only administrators may. */
export function useIsAdmin(): boolean {
  return useContext(RoleContext) === "admin";
}
