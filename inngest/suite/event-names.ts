/** The name of one of the suite's events: on a server each run of the suite has names of its own. */
export type EventNames = (name: string) => string

export const usualName: EventNames = (name) => `suite/${name}`
