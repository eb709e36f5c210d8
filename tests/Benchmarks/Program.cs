using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.Alone;
using Benchmarks.Bare;

// "bare …" and "sqlite …" are what tests/Benchmarks/run compares with; anything else goes to BenchmarkDotNet, in this process: it needs no second build.
if (args is ["bare", .. var rest]) return await BareServer.RunAsync(rest);
if (args is ["sqlite", .. var folder]) return await SqliteAlone.RunAsync(folder);
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(BareServer).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
