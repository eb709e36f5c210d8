using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.Bare;

// "bare …" is a server that tests/Benchmarks/run starts; anything else goes to BenchmarkDotNet, in this process: it needs no second build.
if (args is ["bare", .. var rest]) return await BareServer.RunAsync(rest);
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(BareServer).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
