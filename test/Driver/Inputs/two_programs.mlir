train.program @first steps 1 {
  train.step @step batch 1 {
  } loc(fused<"forward">["step"])
  train.segment first 0 steps 1 @step
}

train.program @second steps 1 {
  train.step @step batch 1 {
  } loc(fused<"forward">["step"])
  train.segment first 0 steps 1 @step
}
