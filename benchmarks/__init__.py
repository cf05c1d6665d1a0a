"""What is measured, against which limit of the same machine in the same run (`make bench`)."""
