/** Parts of the node lab, in the order they run: each leaves the release as it found it. */
export const partNames = ['product', 'journey', 'backup', 'upgrade', 'failures'];
