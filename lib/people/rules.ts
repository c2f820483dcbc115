/* Bounds of people, members and invitations, for forms too. */

export const NAME_LENGTH = 100
/** What SMTP carries at most. */
export const EMAIL_LENGTH = 254
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 256
/** The name that stands in the place of an erased one. */
export const ERASED_NAME = 'Erased person'
