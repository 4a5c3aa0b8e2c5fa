/** The size of an element, kept up to date. */
import { type RefObject, useLayoutEffect, useState } from "react";

export interface Size {
  widthPx: number;
  heightPx: number;
}

export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ widthPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = () => {
      // Without the scrollbar, and rounded: a fraction of a pixel is no reason to draw anew.
      setSize({ widthPx: target.clientWidth, heightPx: target.clientHeight });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return size;
}
