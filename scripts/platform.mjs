/** This machine as npm's platform packages name it, such as `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`

/** Whether the C library is musl (Alpine): programs built for glibc do not run there. */
export function isMusl() {
  if (process.platform !== 'linux') return false
  process.report.excludeNetwork = true
  return !process.report.getReport().header.glibcVersionRuntime
}
