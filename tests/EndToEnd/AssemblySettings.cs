using EndToEnd.Browser;
using Xunit;

// Each test is a server process and a client; side by side they would only measure how busy the machine is.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Chromium, once for all tests that open a page
[assembly: AssemblyFixture(typeof(Chromium))]
