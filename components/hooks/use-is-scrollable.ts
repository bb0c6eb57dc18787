"use client";

import { type RefObject, useEffect, useRef, useState } from "react";

/** Whether an element's only child is larger than the element, followed. */
export function useIsScrollable<T extends HTMLElement>(): [RefObject<T | null>, boolean] {
  const element = useRef<T>(null);
  const [isScrollable, setScrollable] = useState(false);
  // The observer is the external system.
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(() =>
      setScrollable(
        target.scrollWidth > target.clientWidth + 1 || target.scrollHeight > target.clientHeight + 1,
      ),
    );
    observer.observe(target);
    if (target.firstElementChild) observer.observe(target.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return [element, isScrollable];
}
