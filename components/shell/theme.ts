import { THEME_STORAGE_KEY } from "./theme-script";

export type Theme = "system" | "light" | "dark";

export function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(THEME_STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    // Storage can be forbidden; the system's theme is then all there is.
    return "system";
  }
}

/** Stores the choice and applies it by the script's own listener. */
export function writeTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(THEME_STORAGE_KEY);
    else localStorage.setItem(THEME_STORAGE_KEY, theme);
  } catch {
    // As above: the choice then lasts as long as nothing can be stored, not at all.
  }
  window.dispatchEvent(new StorageEvent("storage", { key: THEME_STORAGE_KEY }));
}

export function subscribeTheme(listener: () => void): () => void {
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}

/** The theme on screen now: canvases read their colours again when it changes. */
export function subscribeAppearance(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

export function readAppearance(): "light" | "dark" {
  return document.documentElement.dataset.theme === "light" ? "light" : "dark";
}
