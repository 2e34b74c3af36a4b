// The kernels' own assembly beside the intrinsics that it stands for, to compare what both compile
// to. `KERNELS` is a file of the library, `V` its vectors.
#include KERNELS

extern "C" {
V::I assembly_quads(V::I sum, V::I activations, V::I weights) {
  return V::dot4(sum, activations, weights);
}
V::I intrinsic_quads(V::I sum, V::I activations, V::I weights) {
  return QUADS(sum, activations, weights);
}
V::I assembly_pairs(V::I sum, V::I activations, V::I weights) {
  return V::dot2(sum, activations, weights);
}
V::I intrinsic_pairs(V::I sum, V::I activations, V::I weights) {
  return PAIRS(sum, activations, weights);
}
}
