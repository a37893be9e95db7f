import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = `http://127.0.0.1:${process.env.PORT ?? "8001"}`;
const socket = Number(process.env.WDS_SOCKET_PORT ?? 0);

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: { manifest: true, target: "es2022", sourcemap: false, chunkSizeWarningLimit: 900 },
  server: {
    port: Number(process.env.FRONTEND_PORT ?? 3000),
    strictPort: true,
    proxy: { "/api": backend }, // one origin, so that the cookies of the session travel
    ...(socket ? { hmr: { clientPort: socket } } : {}),
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/test-setup.ts"] },
});
