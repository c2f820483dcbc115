import manifest from '../package.json' with { type: 'json' }

/** The product's version: package.json is the one place that says it. */
export const VERSION: string = manifest.version
