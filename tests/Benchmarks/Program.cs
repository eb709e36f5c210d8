using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.Alone;
using Benchmarks.Bare;
using Benchmarks.Fairness;
using Benchmarks.Halaxy;
using Benchmarks.Libraries;
using Benchmarks.Links;

// "bare …" and "sqlite …" are what tests/Benchmarks/run compares with, the next three what tests/Benchmarks/libraries runs; "fair …" measures one person while another attacks; "halaxy …" imports a practice of that size; "links …" measures what links cost; anything else goes to BenchmarkDotNet, in this process: it needs no second build.
if (args is ["bare", .. var rest]) return await BareServer.RunAsync(rest);
if (args is ["sqlite", .. var folder]) return await SqliteAlone.RunAsync(folder);
if (args is ["calendars"]) return CalendarComparison.Run();
if (args is ["commits", var written, var commits, var count]) return await StoreComparison.CommitAsync(written, commits, int.Parse(count, CultureInfo.InvariantCulture));
if (args is ["readers", var read, var documents, var seconds]) return await StoreComparison.ReadAsync(read, documents, int.Parse(seconds, CultureInfo.InvariantCulture));
if (args is ["fair", .. var what]) return await FairnessRun.RunAsync(what);
if (args is ["attack", var name, var url]) return await Attack.RunAsync(name, new Uri(url));
if (args is ["halaxy", var practitioners, var each]) return await HalaxyImport.RunAsync(int.Parse(practitioners, CultureInfo.InvariantCulture), int.Parse(each, CultureInfo.InvariantCulture));
if (args is ["links", var appointments, var links]) return await LinkMeasures.RunAsync(int.Parse(appointments, CultureInfo.InvariantCulture), int.Parse(links, CultureInfo.InvariantCulture));
if (args is ["stand-in"]) return await StandIn.ServeAsync();
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(BareServer).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
