"""`submit`: the stack as pull requests. What is wanted, what is there, and the calls between both."""
