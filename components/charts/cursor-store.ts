/** Where the pointer is, told in both axes; either may be unknown. */
export interface CursorPlace {
  step: number | null;
  /** Unix seconds. */
  time: number | null;
}
export interface ZoomRange {
  min: number;
  max: number;
}

/** One time cursor and one zoom for all charts of a page. Outside React: a moving pointer renders nothing. */
export function createCursorStore() {
  const cursorListeners = new Set<(place: CursorPlace | null, source: unknown) => void>();
  const zoomListeners = new Set<() => void>();
  let zoom: ZoomRange | null = null;
  return {
    move(place: CursorPlace | null, source: unknown): void {
      for (const listener of cursorListeners) listener(place, source);
    },
    onMove(listener: (place: CursorPlace | null, source: unknown) => void): () => void {
      cursorListeners.add(listener);
      return () => cursorListeners.delete(listener);
    },
    zoom: (): ZoomRange | null => zoom,
    setZoom(next: ZoomRange | null): void {
      zoom = next;
      for (const listener of zoomListeners) listener();
    },
    onZoom(listener: () => void): () => void {
      zoomListeners.add(listener);
      return () => zoomListeners.delete(listener);
    },
  };
}
export type CursorStore = ReturnType<typeof createCursorStore>;
