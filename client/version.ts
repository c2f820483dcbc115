/** The version of the app that this client belongs to; the build writes it here. */
declare const INCIPIT_VERSION: string | undefined

export const VERSION: string = typeof INCIPIT_VERSION === 'string' ? INCIPIT_VERSION : '0.0.0'
