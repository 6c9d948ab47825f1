#include "cli/app.hpp"

int main(int argc, char** argv) { return engagement::cli::run({argv, argv + argc}); }
