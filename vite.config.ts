/**
 * Builds the page into `dist/playground`, and serves it while developing. The dev server passes
 * everything that is not the page on to a running playground (PLAYGROUND_PORT, default 4000).
 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const controlPort = process.env.PLAYGROUND_PORT ?? "4000";
const control = `http://127.0.0.1:${controlPort}`;

// The playground lets only its own pages drive it; here the dev server stands for them.
const onward = { target: control, changeOrigin: true, headers: { origin: control } };

export default defineConfig({
  root: "playground",
  plugins: [react()],
  build: {
    outDir: "../dist/playground",
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": onward,
      "/metrics": onward,
      "/socket.io": { ...onward, ws: true },
    },
  },
});
