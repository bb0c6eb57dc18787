"use client";

import { type RefObject, useEffect, useRef, useState } from "react";

/** True from the moment the element comes near the screen: what is far below is not drawn yet. */
export function useIsSeen<T extends HTMLElement>(): [RefObject<T | null>, boolean] {
  const element = useRef<T>(null);
  const [isSeen, setSeen] = useState(false);
  // The observer is the external system.
  useEffect(() => {
    const target = element.current;
    if (!target || isSeen) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
      { rootMargin: "300px" },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [isSeen]);
  return [element, isSeen];
}
