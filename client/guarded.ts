/**
 * A function of the program that is told of something: what it throws, at once or later, is a warning of the process and
 * stops nothing here.
 */
export function guarded<T>(tell: ((value: T) => unknown) | undefined): (value: T) => void {
  return (value) => {
    void (async () => tell?.(value))().catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error))
    })
  }
}
