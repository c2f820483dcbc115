/** Most characters of a note on the time line. */
export const NOTE_LENGTH = 500
