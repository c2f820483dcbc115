/** Below so many reports a version's figures say too little to be compared. */
export const TOO_FEW = 20
