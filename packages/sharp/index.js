// Stands for the library with which Next makes images smaller, which Incipit has switched off.
module.exports = {}
