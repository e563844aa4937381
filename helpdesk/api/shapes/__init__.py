"""What rows look like outside: public shapes, a file per noun, whatever columns there are inside."""
