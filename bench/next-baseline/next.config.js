import path from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  typescript: { ignoreBuildErrors: true },
  // The packages lie in the project's folder above, and so do its instrumentation.ts and proxy.ts, which
  // Next would take for this app's: other file endings keep them out.
  turbopack: { root: path.resolve(import.meta.dirname, '../..') },
  pageExtensions: ['baseline.ts', 'baseline.tsx'],
}
