import "react";

// Custom properties (`--at`) in style attributes.
declare module "react" {
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
