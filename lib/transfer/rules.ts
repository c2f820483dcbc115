/** What an import does with a prompt whose name is taken. */
export const ON_CONFLICT = ['version', 'rename', 'skip'] as const
export type OnConflict = (typeof ON_CONFLICT)[number]

/** What becomes of an item of an import. */
export const ITEM_ACTIONS = ['create', 'version', 'unchanged', 'skipped', 'conflict', 'refused'] as const
export type ItemAction = (typeof ITEM_ACTIONS)[number]

/** The form of bundles; a reader refuses those with a higher number. */
export const BUNDLE_FORMAT = 1
/** What a bundle says of itself. */
export const MANIFEST = 'incipit.json'
