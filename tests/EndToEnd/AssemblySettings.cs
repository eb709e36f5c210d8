using EndToEnd.Browser;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Each test is a server process and a client; side by side they would only measure how busy the machine is.
[assembly: Parallelization(Mode = ParallelMode.None)]

// Chromium, once for all tests that open a page
[assembly: AssemblyFixture(typeof(Chromium))]
